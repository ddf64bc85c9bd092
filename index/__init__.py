"""Reading, analysing, encoding and storing: from saved pages to a snapshot that can be searched.

In the order of the data: ``sources`` read articles, ``passages`` cuts them, ``encode`` turns texts into vectors,
``keyword``, ``vectors`` and ``store`` hold them, ``snapshot`` publishes, ``build`` runs it all, ``local`` opens it.
"""
